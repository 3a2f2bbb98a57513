package dev.sage.cli.remote;

import java.util.Locale;

/** Large numbers for people: three digits and a unit. */
final class Amounts {
    private static final String UNITS = "kMGTPE";

    private Amounts() {}

    /** For example {@code 999}, {@code 1.2k} and {@code 43M}. */
    static String of(long number) {
        if (number < 1000) {
            return String.valueOf(number);
        }
        double left = number;
        int unit = -1;
        while (left >= 999.5) {
            left /= 1000;
            unit++;
        }
        return String.format(Locale.ROOT, left < 9.95 ? "%.1f" : "%.0f", left) + UNITS.charAt(unit);
    }
}
