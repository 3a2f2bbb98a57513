package dev.sage.testkit;

import dev.sage.api.LocalEnvironment;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.Optional;
import org.junit.jupiter.api.extension.AfterEachCallback;
import org.junit.jupiter.api.extension.ExtensionContext;
import org.junit.jupiter.api.extension.ExtensionContext.Namespace;
import org.junit.jupiter.api.extension.ExtensionContext.Store;
import org.junit.jupiter.api.extension.ParameterContext;
import org.junit.jupiter.api.extension.ParameterResolver;
import org.junit.platform.commons.support.AnnotationSupport;

/** Gives a test its environment and its probe, and ends both after it. */
final class SageExtension implements AfterEachCallback, ParameterResolver {
    private static final Namespace NAMESPACE = Namespace.create(SageExtension.class);

    @Override
    public boolean supportsParameter(ParameterContext parameter, ExtensionContext context) {
        Class<?> type = parameter.getParameter().getType();
        return type == LocalEnvironment.class || type == LifecycleProbe.class;
    }

    @Override
    public Object resolveParameter(ParameterContext parameter, ExtensionContext context) {
        Class<?> type = parameter.getParameter().getType();
        Store store = context.getStore(NAMESPACE);
        Object known = store.get(type);
        if (known != null) {
            return known;
        }
        Object made = type == LifecycleProbe.class ? LifecycleProbe.create() : environment(context);
        store.put(type, made);
        return made;
    }

    @Override
    public void afterEach(ExtensionContext context) {
        Store store = context.getStore(NAMESPACE);
        LifecycleProbe probe = store.get(LifecycleProbe.class, LifecycleProbe.class);
        if (probe != null) {
            probe.openGates();
        }
        LocalEnvironment environment = store.get(LocalEnvironment.class, LocalEnvironment.class);
        if (environment != null) {
            environment.close();
        }
    }

    private static LocalEnvironment environment(ExtensionContext context) {
        Map<String, String> settings = new LinkedHashMap<>();
        AnnotationSupport.findAnnotation(context.getTestClass(), SageTest.class)
                .ifPresent(test -> addSettings(test, settings));
        AnnotationSupport.findAnnotation(context.getTestMethod(), SageTest.class)
                .ifPresent(test -> addSettings(test, settings));
        Optional<String> name = context.getTestMethod().map(method -> method.getName());
        return LocalEnvironment.create(name.orElse("test"), settings);
    }

    private static void addSettings(SageTest test, Map<String, String> settings) {
        for (String setting : test.settings()) {
            int equals = setting.indexOf('=');
            if (equals < 1) {
                throw new IllegalArgumentException("The setting '" + setting
                        + "' of @SageTest is not of the form key=value, for example sage.exchange.batch-records=1.");
            }
            settings.put(
                    setting.substring(0, equals).strip(),
                    setting.substring(equals + 1).strip());
        }
    }
}
