package dev.sage.testkit;

import dev.sage.api.LocalEnvironment;
import java.lang.annotation.Documented;
import java.lang.annotation.ElementType;
import java.lang.annotation.Inherited;
import java.lang.annotation.Retention;
import java.lang.annotation.RetentionPolicy;
import java.lang.annotation.Target;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.ExtendWith;
import org.junit.jupiter.api.parallel.ResourceLock;
import org.junit.jupiter.api.parallel.Resources;

/**
 * A JUnit test of a pipeline. Its method may ask for a {@link LocalEnvironment} of its own, a {@link LifecycleProbe},
 * {@link Faults}, {@link ManualTime} and a {@link LeakCheck}; after the test the environment is closed, and the test fails
 * when anything is left behind, see {@link LeakFree}.
 *
 * <p>Unless its settings name others, the environment has a state folder and machine locks of its own ({@code sage.home},
 * {@code sage.locks-folder}): a test shares GPUs and ports with no other program, and sees nothing that others left. Both
 * are deleted after it, with the output of its processes; the test fails when the ledger in there still has an entry.
 *
 * <pre>{@code
 * @SageTest(settings = "sage.exchange.batch-records=1")
 * void countsWords(LocalEnvironment env) throws Exception {
 *     var counts = env.fromCollection(List.of("a", "b", "a")).keyBy(word -> word).count().collect();
 *     env.run();
 *     assertThat(counts).contains(new KeyValue<>("a", 2L));
 * }
 * }</pre>
 *
 * <p>On a method it takes the place of {@code @Test}. On a class it applies to all its tests, also to parameterized and
 * repeated ones, which keep their own annotation. Where tests run in parallel these run alone, as what they leave behind
 * could not be told from what others use.
 */
@Target({ElementType.METHOD, ElementType.TYPE, ElementType.ANNOTATION_TYPE})
@Retention(RetentionPolicy.RUNTIME)
@Documented
@Inherited
@Test
@ExtendWith({LeakFree.class, SageExtension.class})
@ResourceLock(Resources.GLOBAL)
public @interface SageTest {
    /** Settings of the environment, each as {@code key=value}; those of a method are added to those of its class. */
    String[] settings() default {};

    /** Whether the timers of the environment's actors go by {@link ManualTime}; on the method or on its class. */
    boolean manualTime() default false;

    /**
     * Whether the functions of every job are serialized and deserialized before they run, as for a job that is sent to
     * another machine; on the method or on its class. What cannot be serialized is refused by {@code submit} with its
     * operator, its class and the path of the field that leads to it. What a function fills is then a copy: look at
     * results through {@code collect()}. Services, and the probes and gates of the test kit, stay what they are.
     */
    boolean shippable() default false;
}
