package dev.sage.client.wire;

import org.jspecify.annotations.Nullable;

/**
 * An error as {@code application/problem+json} (RFC 9457).
 *
 * @param type {@code urn:sage:problem:CODE}
 * @param code stable, for programs
 * @param detail names the thing, the value and the bound
 * @param next what to do about it
 */
public record Problem(
        String type,
        String title,
        int status,
        String code,
        String detail,
        @Nullable String next) {
    public static final String MEDIA_TYPE = "application/problem+json";

    public static Problem of(int status, String code, String title, String detail, @Nullable String next) {
        return new Problem("urn:sage:problem:" + code, title, status, code, detail, next);
    }
}
