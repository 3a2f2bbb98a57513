package dev.sage.cli.remote;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.util.List;
import org.junit.jupiter.api.Test;

class JobBoardTest {
    private final JobBoard board = new JobBoard(3);

    @Test
    void jobsThatRunStandBeforeThoseThatWaitAndTheNewestFirst() throws Exception {
        board.reset(List.of(job("a", "QUEUED", 4), job("b", "RUNNING", 1), job("c", "PAUSED", 2)));

        assertThat(ids()).containsExactly("c", "b", "a");
    }

    @Test
    void thereAreOnlySoManyAndThoseThatRunStay() throws Exception {
        board.change(change(job("a", "RUNNING", 1), ""));
        for (int i = 2; i < 100; i++) {
            board.change(change(job("w" + i, "QUEUED", i), ""));
        }

        assertThat(ids()).hasSize(3).startsWith("a");
    }

    @Test
    void aJobThatHasEndedIsGone() throws Exception {
        board.reset(List.of(job("a", "RUNNING", 1)));
        board.change(parse("{\"job\":{\"id\":\"a\",\"state\":\"FAILED\",\"running\":false}}"));

        assertThat(ids()).isEmpty();
    }

    @Test
    void whatAJobHasDoneIsNoOtherChange() throws Exception {
        Json job = job("a", "RUNNING", 1);

        assertThat(board.change(change(job, ""))).isTrue();
        assertThat(board.done("a")).isEmpty();
        assertThat(board.change(change(job, "{\"records\":1500,\"bytesRead\":0,\"bytesTotal\":0}")))
                .isFalse();
        assertThat(board.done("a")).isEqualTo("1.5k");
        assertThat(board.change(change(job, "{\"records\":1500,\"bytesRead\":43,\"bytesTotal\":100}")))
                .isFalse();
        assertThat(board.done("a")).isEqualTo("1.5k, 43%");
    }

    @Test
    void amountsHaveThreeDigitsAtMost() {
        assertThat(List.of(0L, 999L, 1_000L, 9_949L, 9_950L, 999_499L, 999_500L, 43_000_000L, Long.MAX_VALUE))
                .extracting(Amounts::of)
                .containsExactly("0", "999", "1.0k", "9.9k", "10k", "999k", "1.0M", "43M", "9.2E");
    }

    private List<String> ids() {
        return board.jobs().stream().map(job -> job.text("id")).toList();
    }

    private static Json change(Json job, String done) throws IOException {
        return parse("{\"job\":" + job + (done.isEmpty() ? "" : ",\"done\":" + done) + "}");
    }

    private static Json job(String id, String state, int second) throws IOException {
        return parse("{\"id\":\"" + id + "\",\"state\":\"" + state
                + "\",\"running\":true,\"submittedAt\":\"2026-01-01T00:00:" + (second < 10 ? "0" : "") + second
                + "Z\"}");
    }

    private static Json parse(String text) throws IOException {
        return Json.parse(text);
    }
}
