package dev.sage.runtime.dataplane;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import java.io.InputStream;
import java.lang.ref.WeakReference;
import java.security.CodeSource;
import java.security.ProtectionDomain;
import java.security.cert.Certificate;
import java.time.Duration;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.TimeUnit;
import java.util.function.Consumer;
import org.junit.jupiter.api.Test;

class JoblessThreadTest {
    /** Stands for a function of a user that calls Sage, which then needs a thread. */
    public static final class UserFunction implements Consumer<Runnable> {
        @Override
        public void accept(Runnable emit) {
            emit.run();
        }
    }

    @Test
    void itDoesNotHoldTheClassesOfTheJobBelowWhoseCodeItWasMade() throws Exception {
        CountDownLatch ended = new CountDownLatch(1);
        Thread[] made = new Thread[1];
        WeakReference<ClassLoader> job = belowAJob(() -> made[0] = JoblessThread.of(ended::countDown, "made"));
        await().atMost(Duration.ofSeconds(20)).until(() -> {
            System.gc();
            return job.get() == null;
        });
        made[0].start();
        assertThat(ended.await(10, TimeUnit.SECONDS)).isTrue();
        assertThat(made[0].isDaemon()).isTrue();
    }

    private static WeakReference<ClassLoader> belowAJob(Runnable action) throws Exception {
        OfAJob loader = new OfAJob();
        @SuppressWarnings("unchecked")
        Consumer<Runnable> function =
                (Consumer<Runnable>) loader.ofUser().getDeclaredConstructor().newInstance();
        assertThat(function.getClass()).isNotEqualTo(UserFunction.class);
        Thread thread = Thread.currentThread();
        ClassLoader before = thread.getContextClassLoader();
        thread.setContextClassLoader(loader);
        try {
            function.accept(action);
        } finally {
            thread.setContextClassLoader(before);
        }
        return new WeakReference<>(loader);
    }

    /** Defines its own copy of the user's function, as those of jobs do. */
    private static final class OfAJob extends ClassLoader {
        OfAJob() {
            super(JoblessThreadTest.class.getClassLoader());
        }

        Class<?> ofUser() throws Exception {
            String name = UserFunction.class.getName();
            try (InputStream in = getResourceAsStream(name.replace('.', '/') + ".class")) {
                byte[] bytes = in.readAllBytes();
                CodeSource source = new CodeSource(null, (Certificate[]) null);
                return defineClass(name, bytes, 0, bytes.length, new ProtectionDomain(source, null, this, null));
            }
        }
    }
}
