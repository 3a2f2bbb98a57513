package dev.sage.testkit;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.sage.api.Service;
import dev.sage.api.ServiceFactory;
import java.io.IOException;
import java.lang.reflect.InvocationTargetException;
import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.Test;

/** The methods are called as a runtime calls them: by reflection, found on the class of the object. */
class WatchedServiceTest {
    private final LifecycleProbe probe = LifecycleProbe.create();
    private final Index index = new Index();

    @Test
    void methodsOfAFinalClassThatIsNotPublicCanBeCalled() throws Exception {
        Service watched = watched();
        assertThat(watched.getClass().getMethod("add", Word.class).invoke(watched, new Word("a")))
                .isEqualTo(1);
        assertThat(watched.getClass().getMethod("size").invoke(watched)).isEqualTo(1);
    }

    @Test
    void exceptionOfTheServiceArrivesAsThrown() throws Exception {
        Service watched = watched();
        assertThatThrownBy(() -> watched.getClass().getMethod("fail").invoke(watched))
                .isInstanceOf(InvocationTargetException.class)
                .cause()
                .isSameAs(index.failure);
    }

    @Test
    void serviceLivesThroughEveryStepAndTheProbeSeesIt() throws Exception {
        Service watched = watched();
        watched.start();
        watched.stop();
        watched.cleanup();
        assertThat(index.steps).containsExactly("start", "cleanup");
        assertThat(probe.life("index")).wasRunning().completedCleanup();
    }

    @Test
    void injectedFailureComesAfterTheServicesOwnCleanup() throws Exception {
        IOException failure = new IOException("injected");
        probe.fail("index", LifecycleStep.CLEANUP, failure);
        assertThatThrownBy(watched()::cleanup).isSameAs(failure);
        assertThat(index.steps).containsExactly("cleanup");
    }

    private Service watched() throws Exception {
        // The factory's type is erased here, as it is for a runtime.
        ServiceFactory<? extends Service> factory = probe.watching("index", () -> index);
        return factory.create();
    }

    record Word(String text) {}

    static final class Index implements Service {
        final List<String> steps = new ArrayList<>();
        final List<Word> words = new ArrayList<>();
        final IOException failure = new IOException("unreadable");

        public int add(Word word) {
            words.add(word);
            return words.size();
        }

        public int size() {
            return words.size();
        }

        public void fail() throws IOException {
            throw failure;
        }

        @Override
        public void start() {
            steps.add("start");
        }

        @Override
        public void cleanup() {
            steps.add("cleanup");
        }
    }
}
