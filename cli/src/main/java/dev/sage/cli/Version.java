package dev.sage.cli;

import java.io.IOException;
import java.io.InputStream;
import java.util.Properties;
import picocli.CommandLine.IVersionProvider;

/** The version of the jar that this class is in, from what Maven writes into each of its jars. */
final class Version implements IVersionProvider {
    private static final String WRITTEN_BY_MAVEN = "/META-INF/maven/dev.sage/sage-cli/pom.properties";

    @Override
    public String[] getVersion() throws IOException {
        return new String[] {
            "sage " + ofThisJar(),
            "Java " + System.getProperty("java.version") + ", " + System.getProperty("java.vendor")
        };
    }

    private static String ofThisJar() throws IOException {
        try (InputStream file = Version.class.getResourceAsStream(WRITTEN_BY_MAVEN)) {
            if (file == null) {
                return "(not from a jar)";
            }
            Properties properties = new Properties();
            properties.load(file);
            return properties.getProperty("version", "(unknown)");
        }
    }
}
