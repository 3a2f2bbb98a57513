package dev.sage.runtime.core.queue;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatIllegalStateException;

import org.junit.jupiter.api.Test;

class JobQueueTest {

    @Test
    void jobsAreAdmittedInTheOrderOfTheirSubmissionUpToTheBound() {
        JobQueue queue = JobQueue.of(2, 5).submitted("a").submitted("b").submitted("c");
        assertThat(queue.admissible()).containsExactly("a", "b");
        queue = queue.admitted("a").admitted("b");
        assertThat(queue.admissible()).isEmpty();
        assertThat(queue.waiting()).containsExactly("c");
    }

    @Test
    void jobThatEndsMakesRoomForTheNext() {
        JobQueue queue = JobQueue.of(1, 5).submitted("a").submitted("b").admitted("a");
        assertThat(queue.ended("a").running()).isEmpty();
        assertThat(queue.ended("a").admissible()).containsExactly("b");
    }

    @Test
    void waitingJobCanBeWithdrawn() {
        JobQueue queue =
                JobQueue.of(1, 5).submitted("a").submitted("b").submitted("c").admitted("a");
        assertThat(queue.ended("b").waiting()).containsExactly("c");
        assertThat(queue.ended("b").running()).containsExactly("a");
    }

    @Test
    void queueIsFullWhenAsManyRunAndWaitAsAreAllowed() {
        JobQueue queue = JobQueue.of(1, 1).submitted("a");
        assertThat(queue.isFull()).isFalse();
        queue = queue.admitted("a");
        assertThat(queue.isFull()).isFalse();
        JobQueue full = queue.submitted("b");
        assertThat(full.isFull()).isTrue();
        assertThatIllegalStateException().isThrownBy(() -> full.submitted("c"));
    }
}
