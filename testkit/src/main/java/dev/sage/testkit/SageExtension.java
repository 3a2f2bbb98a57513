package dev.sage.testkit;

import dev.sage.api.LocalEnvironment;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.Optional;
import java.util.function.Predicate;
import java.util.function.Supplier;
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.extension.AfterEachCallback;
import org.junit.jupiter.api.extension.ExtensionContext;
import org.junit.jupiter.api.extension.ExtensionContext.Namespace;
import org.junit.jupiter.api.extension.ExtensionContext.Store;
import org.junit.jupiter.api.extension.ParameterContext;
import org.junit.jupiter.api.extension.ParameterResolutionException;
import org.junit.jupiter.api.extension.ParameterResolver;
import org.junit.platform.commons.support.AnnotationSupport;

/** Gives a test its environment, its probe, its faults and its time, and ends them after it. */
final class SageExtension implements AfterEachCallback, ParameterResolver {
    private static final Namespace NAMESPACE = Namespace.create(SageExtension.class);

    @Override
    public boolean supportsParameter(ParameterContext parameter, ExtensionContext context) {
        Class<?> type = parameter.getParameter().getType();
        return type == LocalEnvironment.class
                || type == LifecycleProbe.class
                || type == Faults.class
                || type == ManualTime.class;
    }

    @Override
    public Object resolveParameter(ParameterContext parameter, ExtensionContext context) {
        Class<?> type = parameter.getParameter().getType();
        if (type == LifecycleProbe.class) {
            return probe(context);
        }
        if (type == Faults.class) {
            return faults(context);
        }
        return type == ManualTime.class ? time(context) : environment(context);
    }

    @Override
    public void afterEach(ExtensionContext context) {
        Store store = context.getStore(NAMESPACE);
        LifecycleProbe probe = store.get(LifecycleProbe.class, LifecycleProbe.class);
        if (probe != null) {
            probe.openGates();
        }
        Faults faults = store.get(Faults.class, Faults.class);
        if (faults != null) {
            faults.end();
        }
        LocalEnvironment environment = store.get(LocalEnvironment.class, LocalEnvironment.class);
        if (environment != null) {
            close(environment, store.get(ManualTime.class, ManualTime.class));
        }
        TestHome home = store.get(TestHome.class, TestHome.class);
        if (home != null) {
            home.end();
        }
    }

    private static void close(LocalEnvironment environment, @Nullable ManualTime time) {
        if (time == null) {
            environment.close();
        } else {
            time.passWhile(environment::close);
        }
    }

    private static LifecycleProbe probe(ExtensionContext context) {
        return made(context, LifecycleProbe.class, LifecycleProbe::create);
    }

    private static Faults faults(ExtensionContext context) {
        return made(context, Faults.class, Faults::create);
    }

    private static ManualTime time(ExtensionContext context) {
        if (!isAsked(context, SageTest::manualTime)) {
            throw new ParameterResolutionException(
                    "ManualTime needs @SageTest(manualTime = true) at the method or its class.");
        }
        return made(context, ManualTime.class, ManualTime::new);
    }

    private static LocalEnvironment environment(ExtensionContext context) {
        return made(context, LocalEnvironment.class, () -> makeEnvironment(context));
    }

    private static <T> T made(ExtensionContext context, Class<T> type, Supplier<T> maker) {
        Store store = context.getStore(NAMESPACE);
        T known = store.get(type, type);
        if (known != null) {
            return known;
        }
        T made = maker.get();
        store.put(type, made);
        return made;
    }

    private static boolean isAsked(ExtensionContext context, Predicate<SageTest> option) {
        return annotations(context).anyMatch(option);
    }

    /** That of the class first, then that of the method. */
    private static Stream<SageTest> annotations(ExtensionContext context) {
        return Stream.of(
                        AnnotationSupport.findAnnotation(context.getTestClass(), SageTest.class),
                        AnnotationSupport.findAnnotation(context.getTestMethod(), SageTest.class))
                .flatMap(Optional::stream);
    }

    private static LocalEnvironment makeEnvironment(ExtensionContext context) {
        Map<String, String> settings = new LinkedHashMap<>();
        annotations(context).forEach(test -> addSettings(test, settings));
        made(context, TestHome.class, TestHome::new).addTo(settings);
        Optional<ManualTime> time =
                isAsked(context, SageTest::manualTime) ? Optional.of(time(context)) : Optional.empty();
        String name = context.getTestMethod().map(method -> method.getName()).orElse("test");
        return new TestNode(faults(context), time, isAsked(context, SageTest::shippable)).environment(name, settings);
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
