package dev.sage.testkit;

import ch.qos.logback.classic.Level;
import ch.qos.logback.classic.Logger;
import ch.qos.logback.classic.LoggerContext;
import ch.qos.logback.classic.spi.ILoggingEvent;
import ch.qos.logback.classic.spi.IThrowableProxy;
import ch.qos.logback.core.AppenderBase;
import java.util.List;
import java.util.concurrent.CopyOnWriteArrayList;
import org.slf4j.LoggerFactory;

/** Sees lines of level WARN and ERROR: an error that is only logged is an error that a test would miss. */
final class LogWatcher implements Watcher, AutoCloseable {
    private final List<String> expected = new CopyOnWriteArrayList<>();
    private final Lines lines = new Lines();

    LogWatcher() {
        if (LoggerFactory.getILoggerFactory() instanceof LoggerContext logback) {
            lines.setContext(logback);
            lines.start();
            logback.getLogger(Logger.ROOT_LOGGER_NAME).addAppender(lines);
        }
    }

    void expect(List<String> texts) {
        expected.addAll(texts);
    }

    @Override
    public List<String> leaks() {
        return lines.seen.stream()
                .filter(line -> expected.stream().noneMatch(line::contains))
                .toList();
    }

    @Override
    public void close() {
        if (LoggerFactory.getILoggerFactory() instanceof LoggerContext logback) {
            logback.getLogger(Logger.ROOT_LOGGER_NAME).detachAppender(lines);
            lines.stop();
        }
    }

    private static final class Lines extends AppenderBase<ILoggingEvent> {
        final List<String> seen = new CopyOnWriteArrayList<>();

        @Override
        protected void append(ILoggingEvent event) {
            if (event.getLevel().isGreaterOrEqual(Level.WARN)) {
                seen.add("log line " + event.getLevel() + " of " + event.getLoggerName() + ": "
                        + event.getFormattedMessage() + thrown(event.getThrowableProxy()));
            }
        }

        private static String thrown(@org.jspecify.annotations.Nullable IThrowableProxy thrown) {
            return thrown == null ? "" : " (" + thrown.getClassName() + ": " + thrown.getMessage() + ")";
        }
    }
}
