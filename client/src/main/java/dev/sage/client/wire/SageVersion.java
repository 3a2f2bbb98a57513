package dev.sage.client.wire;

import java.io.IOException;
import java.io.InputStream;
import java.io.UncheckedIOException;
import java.util.Properties;

/** The version of the Sage that runs here, as {@link ShippedCode#sage} and {@link NodeView#sage} tell it. */
public final class SageVersion {
    /** Of classes that are not in a jar, as in an IDE. */
    public static final String UNKNOWN = "unknown";

    private static final String WRITTEN_BY_MAVEN = "/META-INF/maven/dev.sage/sage-client/pom.properties";

    private static final String HERE = read();

    private SageVersion() {}

    public static String here() {
        return HERE;
    }

    private static String read() {
        try (InputStream file = SageVersion.class.getResourceAsStream(WRITTEN_BY_MAVEN)) {
            if (file == null) {
                return UNKNOWN;
            }
            Properties properties = new Properties();
            properties.load(file);
            return properties.getProperty("version", UNKNOWN);
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    /** Whether graphs of one can run on the other: both are the same, or one is not known. */
    public static boolean fit(String one, String other) {
        return one.equals(other) || one.equals(UNKNOWN) || other.equals(UNKNOWN);
    }
}
