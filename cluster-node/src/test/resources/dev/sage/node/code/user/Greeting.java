package library;

import java.util.ServiceLoader;

/** A library that looks for its parts by the context class loader, as many do. */
public interface Greeting {
    String greet(String text);

    static String greeted(String text) {
        return ServiceLoader.load(Greeting.class).findFirst().orElseThrow().greet(text);
    }

    final class Polite implements Greeting {
        @Override
        public String greet(String text) {
            return "dear " + text;
        }
    }
}
