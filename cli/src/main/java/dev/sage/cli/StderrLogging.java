package dev.sage.cli;

import ch.qos.logback.classic.Level;
import ch.qos.logback.classic.Logger;
import ch.qos.logback.classic.LoggerContext;
import ch.qos.logback.classic.encoder.PatternLayoutEncoder;
import ch.qos.logback.classic.spi.Configurator;
import ch.qos.logback.classic.spi.ConfiguratorRank;
import ch.qos.logback.classic.spi.ILoggingEvent;
import ch.qos.logback.core.ConsoleAppender;
import ch.qos.logback.core.spi.ContextAwareBase;
import java.util.List;
import org.slf4j.LoggerFactory;

/**
 * The logging of the command: warnings and errors on standard error, more when asked for. In code, because reading a
 * {@code logback.xml} would take longer than the rest of a small job; a file named by {@code
 * -Dlogback.configurationFile} still has precedence.
 */
@ConfiguratorRank(ConfiguratorRank.CUSTOM_HIGH_PRIORITY)
public final class StderrLogging extends ContextAwareBase implements Configurator {
    /** The logger to which the runtime tells what it gives back. */
    private static final String CLEANUP = "dev.sage.cleanup";
    /** The logger to which it tells what takes minutes. */
    private static final String PROGRESS = "dev.sage.progress";

    /** From now on it is told what jobs give back. */
    static void showCleanup() {
        if (LoggerFactory.getLogger(CLEANUP) instanceof Logger cleanup) {
            cleanup.setLevel(Level.DEBUG);
        }
    }

    @Override
    public ExecutionStatus configure(LoggerContext context) {
        if (System.getProperty("logback.configurationFile") != null) {
            return ExecutionStatus.INVOKE_NEXT_IF_ANY;
        }
        Logger root = context.getLogger(Logger.ROOT_LOGGER_NAME);
        root.setLevel(Level.toLevel(Verbosity.logLevel(), Level.WARN));
        root.addAppender(standardError(context, "%d{HH:mm:ss.SSS} %-5level %logger{24} - %msg%n"));

        context.getLogger(CLEANUP).setLevel(Level.OFF);
        for (String toldToUsers : List.of(CLEANUP, PROGRESS)) {
            Logger logger = context.getLogger(toldToUsers);
            logger.setAdditive(false);
            logger.addAppender(standardError(context, "sage: %msg%n"));
        }
        return ExecutionStatus.DO_NOT_INVOKE_NEXT_IF_ANY;
    }

    private static ConsoleAppender<ILoggingEvent> standardError(LoggerContext context, String pattern) {
        PatternLayoutEncoder encoder = new PatternLayoutEncoder();
        encoder.setContext(context);
        encoder.setPattern(pattern);
        encoder.start();
        ConsoleAppender<ILoggingEvent> appender = new ConsoleAppender<>();
        appender.setContext(context);
        appender.setTarget("System.err");
        appender.setEncoder(encoder);
        appender.start();
        return appender;
    }
}
