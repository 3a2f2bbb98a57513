package dev.sage.testkit;

import static org.assertj.core.api.Assertions.assertThat;
import static org.junit.platform.engine.discovery.DiscoverySelectors.selectClass;
import static org.junit.platform.engine.discovery.DiscoverySelectors.selectMethod;

import java.lang.reflect.Method;
import java.util.Arrays;
import org.junit.platform.engine.TestExecutionResult;
import org.junit.platform.testkit.engine.EngineTestKit;

/** Runs one method of a class as a test of its own, so that a test can look at how it ends. */
final class InnerRun {
    private InnerRun() {}

    static TestExecutionResult of(Class<?> testClass, String method) {
        var executions = EngineTestKit.engine("junit-jupiter")
                .selectors(selectMethod(testClass, methodOf(testClass, method)))
                .execute()
                .testEvents()
                .executions()
                .list();
        assertThat(executions).as("executions of " + method).hasSize(1);
        return executions.get(0).getTerminationInfo().getExecutionResult();
    }

    /** Runs all tests of a class, which must pass; answers how many there were. */
    static int runAll(Class<?> testClass) {
        var events = EngineTestKit.engine("junit-jupiter")
                .selectors(selectClass(testClass))
                .execute()
                .testEvents();
        assertThat(events.failed().list()).isEmpty();
        return (int) events.succeeded().count();
    }

    static void assertPasses(Class<?> testClass, String method) {
        TestExecutionResult result = of(testClass, method);
        assertThat(result.getStatus())
                .as(() -> method + " ended with " + result.getThrowable())
                .isEqualTo(TestExecutionResult.Status.SUCCESSFUL);
    }

    /** The message of the failure that the test must end with. */
    static String failure(Class<?> testClass, String method) {
        TestExecutionResult result = of(testClass, method);
        assertThat(result.getStatus()).isEqualTo(TestExecutionResult.Status.FAILED);
        return String.valueOf(result.getThrowable().orElseThrow().getMessage());
    }

    private static Method methodOf(Class<?> testClass, String name) {
        return Arrays.stream(testClass.getDeclaredMethods())
                .filter(method -> method.getName().equals(name))
                .findFirst()
                .orElseThrow();
    }
}
