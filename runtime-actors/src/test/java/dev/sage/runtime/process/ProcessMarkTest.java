package dev.sage.runtime.process;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.Map;
import org.junit.jupiter.api.Test;

class ProcessMarkTest {
    private final ProcessMark mark = new ProcessMark("i1", "job", 2, "judge");

    @Test
    void aMarkTellsInstanceJobEpochAndHolder() {
        assertThat(mark.text()).isEqualTo("i1/job/2/judge");
        assertThat(new ProcessMark("i1", "", 1, "shared").text()).isEqualTo("i1/-/1/shared");
    }

    @Test
    void namesCannotBeMistakenForBorders() {
        assertThat(new ProcessMark("i1", "a/b", 1, "c;d e").text()).isEqualTo("i1/a%2Fb/1/c%3Bd+e");
    }

    @Test
    void aSageInsideOfAnotherAppends() {
        String both = ProcessMark.appended(Map.of(ProcessMark.VARIABLE, "i0/x/1/y"), mark.text());

        assertThat(both).isEqualTo("i0/x/1/y;i1/job/2/judge");
        assertThat(ProcessMark.appended(Map.of(), mark.text())).isEqualTo(mark.text());
        assertThat(ProcessMark.is("i0/x/1/y")).accepts(both);
        assertThat(ProcessMark.is(mark.text())).accepts(both).rejects(both + "2", "x" + mark.text());
    }

    @Test
    void aPrefixNeverTakesAnotherJobThatBeginsAlike() {
        assertThat(ProcessMark.beginsWith(ProcessMark.ofJob("i1", "job")))
                .accepts("i0/x/1/y;i1/job/2/judge")
                .rejects("i1/job2/1/judge", "i10/job/1/judge");
        assertThat(ProcessMark.beginsWith(ProcessMark.ofInstance("i1")))
                .accepts("i1/-/1/a")
                .rejects("i11/-/1/a");
    }
}
