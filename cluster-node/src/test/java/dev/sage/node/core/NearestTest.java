package dev.sage.node.core;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.List;
import org.junit.jupiter.api.Test;

class NearestTest {
    @Test
    void aMisspeltWordIsFound() {
        assertThat(Nearest.to("lmit", List.of("state", "limit", "after"))).contains("limit");
    }

    @Test
    void aWordLikeNoneIsNotGuessedAt() {
        assertThat(Nearest.to("zzzz", List.of("state", "limit"))).isEmpty();
        assertThat(Nearest.to("x".repeat(100_000), List.of("x"))).isEmpty();
        assertThat(Nearest.to("x", List.of())).isEmpty();
    }
}
