package dev.sage.node;

import ch.qos.logback.classic.Level;
import ch.qos.logback.classic.Logger;
import ch.qos.logback.classic.LoggerContext;
import ch.qos.logback.classic.encoder.PatternLayoutEncoder;
import ch.qos.logback.classic.spi.Configurator;
import ch.qos.logback.classic.spi.ConfiguratorRank;
import ch.qos.logback.classic.spi.ILoggingEvent;
import ch.qos.logback.core.ConsoleAppender;
import ch.qos.logback.core.OutputStreamAppender;
import ch.qos.logback.core.rolling.FixedWindowRollingPolicy;
import ch.qos.logback.core.rolling.RollingFileAppender;
import ch.qos.logback.core.rolling.SizeBasedTriggeringPolicy;
import ch.qos.logback.core.spi.ContextAwareBase;
import ch.qos.logback.core.util.FileSize;
import java.util.List;

/**
 * What a node logs: to the file that the system property {@value #FILE} names, at most 60 MB in six files, otherwise to
 * standard error. In code, because reading a {@code logback.xml} takes a tenth of the node's start; a file named by {@code
 * -Dlogback.configurationFile} has precedence.
 */
@ConfiguratorRank(ConfiguratorRank.CUSTOM_HIGH_PRIORITY)
public final class NodeLogging extends ContextAwareBase implements Configurator {
    static final String FILE = "sage.node.log";

    private static final String PATTERN =
            "%d{yyyy-MM-dd'T'HH:mm:ss.SSSXXX} %-5level %logger{24} %replace([%X{job}] ){'^\\[\\] $', ''}- %msg%n";
    private static final int OLDER_FILES = 5;
    private static final long FILE_BYTES = 10L << 20;
    /** These tell what they do, and Sage tells what matters of it. */
    private static final List<String> QUIET = List.of("org.apache.pekko", "com.zaxxer.hikari", "org.flywaydb", "slick");

    private static volatile boolean wanted;

    /** From now on, for who has not made a logger yet; another program may have the node's classes without being one. */
    static void use() {
        wanted = true;
    }

    @Override
    public ExecutionStatus configure(LoggerContext context) {
        if (!wanted || System.getProperty("logback.configurationFile") != null) {
            return ExecutionStatus.INVOKE_NEXT_IF_ANY;
        }
        QUIET.forEach(name -> context.getLogger(name).setLevel(Level.WARN));
        Logger root = context.getLogger(Logger.ROOT_LOGGER_NAME);
        root.setLevel(Level.INFO);
        String file = System.getProperty(FILE, "");
        root.addAppender(started(file.isEmpty() ? standardError() : rotated(context, file), context));
        return ExecutionStatus.DO_NOT_INVOKE_NEXT_IF_ANY;
    }

    private static OutputStreamAppender<ILoggingEvent> started(
            OutputStreamAppender<ILoggingEvent> appender, LoggerContext context) {
        PatternLayoutEncoder encoder = new PatternLayoutEncoder();
        encoder.setContext(context);
        encoder.setPattern(PATTERN);
        encoder.start();
        appender.setContext(context);
        appender.setEncoder(encoder);
        appender.start();
        return appender;
    }

    private static OutputStreamAppender<ILoggingEvent> standardError() {
        ConsoleAppender<ILoggingEvent> appender = new ConsoleAppender<>();
        appender.setTarget("System.err");
        return appender;
    }

    private static OutputStreamAppender<ILoggingEvent> rotated(LoggerContext context, String file) {
        RollingFileAppender<ILoggingEvent> appender = new RollingFileAppender<>();
        appender.setFile(file);
        FixedWindowRollingPolicy files = new FixedWindowRollingPolicy();
        files.setContext(context);
        files.setParent(appender);
        files.setFileNamePattern(file + ".%i");
        files.setMinIndex(1);
        files.setMaxIndex(OLDER_FILES);
        files.start();
        SizeBasedTriggeringPolicy<ILoggingEvent> full = new SizeBasedTriggeringPolicy<>();
        full.setContext(context);
        full.setMaxFileSize(new FileSize(FILE_BYTES));
        full.start();
        appender.setRollingPolicy(files);
        appender.setTriggeringPolicy(full);
        return appender;
    }
}
