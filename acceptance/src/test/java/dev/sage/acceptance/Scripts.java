package dev.sage.acceptance;

import java.net.URISyntaxException;
import java.net.URL;
import java.nio.file.Path;

/** The programs among the test's resources. */
final class Scripts {
    private Scripts() {}

    /** @param name below {@code src/test/resources} */
    static String path(String name) {
        URL found = Scripts.class.getResource("/" + name);
        if (found == null) {
            throw new IllegalArgumentException("There is no resource " + name + ".");
        }
        try {
            return Path.of(found.toURI()).toString();
        } catch (URISyntaxException e) {
            throw new IllegalStateException(e);
        }
    }
}
