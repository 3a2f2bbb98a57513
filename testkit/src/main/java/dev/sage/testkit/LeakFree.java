package dev.sage.testkit;

import org.junit.jupiter.api.extension.AfterEachCallback;
import org.junit.jupiter.api.extension.BeforeEachCallback;
import org.junit.jupiter.api.extension.ExtensionContext;
import org.junit.jupiter.api.extension.ExtensionContext.Namespace;
import org.junit.jupiter.api.extension.ParameterContext;
import org.junit.jupiter.api.extension.ParameterResolver;
import org.junit.platform.commons.support.AnnotationSupport;

/**
 * Makes every test of a class a clean-up test: it fails when it leaves anything behind that {@link LeakCheck} knows.
 * {@link SageTest} includes it; use {@code @ExtendWith(LeakFree.class)} for tests that make their environments
 * themselves. What fixtures of the whole class hold was there before and does not count.
 */
public final class LeakFree implements BeforeEachCallback, AfterEachCallback, ParameterResolver {
    private static final Namespace NAMESPACE = Namespace.create(LeakFree.class);

    @Override
    public void beforeEach(ExtensionContext context) {
        LeakCheck leaks = LeakCheck.start();
        context.getStore(NAMESPACE).put(LeakCheck.class, leaks);
        AnnotationSupport.findAnnotation(context.getTestClass(), ExpectedLog.class)
                .ifPresent(expected -> leaks.expectingLog(expected.value()));
        AnnotationSupport.findAnnotation(context.getTestMethod(), ExpectedLog.class)
                .ifPresent(expected -> leaks.expectingLog(expected.value()));
    }

    @Override
    public void afterEach(ExtensionContext context) {
        try (LeakCheck leaks = of(context)) {
            leaks.expectNoLeaks();
        }
    }

    @Override
    public boolean supportsParameter(ParameterContext parameter, ExtensionContext context) {
        return parameter.getParameter().getType() == LeakCheck.class;
    }

    @Override
    public Object resolveParameter(ParameterContext parameter, ExtensionContext context) {
        return of(context);
    }

    private static LeakCheck of(ExtensionContext context) {
        LeakCheck leaks = context.getStore(NAMESPACE).get(LeakCheck.class, LeakCheck.class);
        if (leaks == null) {
            throw new IllegalStateException("A LeakCheck exists only from before each test until after it.");
        }
        return leaks;
    }
}
