package dev.sage.cli;

import static org.assertj.core.api.Assertions.assertThat;

import ch.qos.logback.classic.Level;
import ch.qos.logback.classic.Logger;
import ch.qos.logback.classic.LoggerContext;
import ch.qos.logback.classic.spi.Configurator.ExecutionStatus;
import java.io.ByteArrayOutputStream;
import java.io.PrintStream;
import java.nio.charset.StandardCharsets;
import org.junit.jupiter.api.Test;
import org.slf4j.LoggerFactory;

class StderrLoggingTest {

    @Test
    void onlyWarningsAndErrorsAreShownByDefault() {
        LoggerContext context = new LoggerContext();
        StderrLogging logging = new StderrLogging();
        logging.setContext(context);

        assertThat(logging.configure(context)).isEqualTo(ExecutionStatus.DO_NOT_INVOKE_NEXT_IF_ANY);
        assertThat(context.getLogger(Logger.ROOT_LOGGER_NAME).getLevel()).isEqualTo(Level.WARN);
        context.stop();
    }

    @Test
    void whatTakesMinutesIsToldAsTheCommandItselfSpeaks() {
        PrintStream usual = System.err;
        ByteArrayOutputStream err = new ByteArrayOutputStream();
        System.setErr(new PrintStream(err, true, StandardCharsets.UTF_8));
        try {
            LoggerFactory.getLogger("dev.sage.progress").warn("{} of {} MB.", 31, 79);
        } finally {
            System.setErr(usual);
        }
        assertThat(err.toString(StandardCharsets.UTF_8)).isEqualToNormalizingNewlines("sage: 31 of 79 MB.\n");
    }

    @Test
    void itIsTheConfigurationThatTheLibraryFinds() {
        assertThat(((LoggerContext) LoggerFactory.getILoggerFactory())
                        .getLogger(Logger.ROOT_LOGGER_NAME)
                        .getLevel())
                .isEqualTo(Level.WARN);
    }
}
