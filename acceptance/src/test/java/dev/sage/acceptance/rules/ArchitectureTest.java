package dev.sage.acceptance.rules;

import static com.tngtech.archunit.base.DescribedPredicate.not;
import static com.tngtech.archunit.core.domain.JavaClass.Predicates.resideInAPackage;
import static com.tngtech.archunit.core.domain.JavaClass.Predicates.resideInAnyPackage;
import static com.tngtech.archunit.lang.syntax.ArchRuleDefinition.classes;
import static com.tngtech.archunit.lang.syntax.ArchRuleDefinition.noClasses;

import com.tngtech.archunit.base.DescribedPredicate;
import com.tngtech.archunit.core.domain.JavaClass;
import com.tngtech.archunit.core.importer.ImportOption.DoNotIncludeTests;
import com.tngtech.archunit.junit.AnalyzeClasses;
import com.tngtech.archunit.junit.ArchTest;
import com.tngtech.archunit.lang.ArchCondition;
import com.tngtech.archunit.lang.ArchRule;
import com.tngtech.archunit.lang.ConditionEvents;
import com.tngtech.archunit.lang.SimpleConditionEvent;
import java.time.Clock;
import java.time.Instant;
import java.time.LocalDateTime;
import org.jspecify.annotations.NullMarked;

/** Who may use what. */
@AnalyzeClasses(packages = "dev.sage", importOptions = DoNotIncludeTests.class)
class ArchitectureTest {
    private static final String PEKKO = "org.apache.pekko..";
    private static final String JACKSON = "com.fasterxml.jackson..";

    @ArchTest
    static final ArchRule apiUsesOnlyTheJdkAndSlf4j = classes()
            .that()
            .resideInAPackage("dev.sage.api..")
            .should()
            .onlyDependOnClassesThat()
            .resideInAnyPackage("dev.sage.api..", "java..", "org.slf4j..", "org.jspecify..");

    @ArchTest
    static final ArchRule runtimeUsesNoModuleButTheApi = noClasses()
            .that()
            .resideInAPackage("dev.sage.runtime..")
            .should()
            .dependOnClassesThat(resideInAPackage("dev.sage..")
                    .and(not(resideInAnyPackage("dev.sage.runtime..", "dev.sage.api.."))));

    @ArchTest
    static final ArchRule testKitUsesOnlyApiAndRuntimeAndTheShippingOfGraphs = noClasses()
            .that()
            .resideInAPackage("dev.sage.testkit..")
            .should()
            .dependOnClassesThat(resideInAPackage("dev.sage..")
                    .and(not(resideInAnyPackage(
                            "dev.sage.testkit..", "dev.sage.runtime..", "dev.sage.api..", "dev.sage.client.ship.."))));

    /** It must start fast, and be no burden on a user's class path. */
    @ArchTest
    static final ArchRule clientUsesTheApiAndJacksonOnly = classes()
            .that()
            .resideInAPackage("dev.sage.client..")
            .should()
            .onlyDependOnClassesThat(resideInAnyPackage(
                            "dev.sage.client..",
                            "dev.sage.api..",
                            JACKSON,
                            "java..",
                            "org.slf4j..",
                            "org.jspecify..",
                            "sun.misc..")
                    .and(not(resideInAPackage("java.net.http.."))));

    /** It ends its JVM when the cluster is lost. */
    @ArchTest
    static final ArchRule onlyTheGatewayLinksRay = noClasses()
            .that()
            .resideOutsideOfPackage("dev.sage.ray.gateway..")
            .should()
            .dependOnClassesThat()
            .resideInAnyPackage("io.ray..", "dev.sage.ray.gateway..");

    /** A worker of Ray has nothing else of ours. */
    @ArchTest
    static final ArchRule gatewayUsesRayAndTheWireOnly = classes()
            .that()
            .resideInAnyPackage("dev.sage.ray.gateway..", "dev.sage.ray.wire..")
            .should()
            .onlyDependOnClassesThat()
            .resideInAnyPackage(
                    "dev.sage.ray.gateway..",
                    "dev.sage.ray.wire..",
                    "io.ray.api..",
                    "java..",
                    "org.jspecify..",
                    "org.msgpack..");

    @ArchTest
    static final ArchRule rayBridgeUsesNoModuleButApiAndRuntime = noClasses()
            .that()
            .resideInAPackage("dev.sage.ray..")
            .should()
            .dependOnClassesThat(resideInAPackage("dev.sage..")
                    .and(not(resideInAnyPackage("dev.sage.ray..", "dev.sage.runtime..", "dev.sage.api.."))));

    @ArchTest
    static final ArchRule decisionsOfTheNodeAreAloneWithTheirData = noClasses()
            .that()
            .resideInAPackage("dev.sage.node.core..")
            .should()
            .dependOnClassesThat(resideInAnyPackage(
                            PEKKO,
                            "java.io..",
                            "java.nio..",
                            "java.sql..",
                            "java.util.concurrent..",
                            "dev.sage.runtime..",
                            "dev.sage.node.job..",
                            "dev.sage.node.journal..",
                            "dev.sage.node.http..",
                            "dev.sage.node.code..",
                            "dev.sage.node.config..")
                    // As pure as they are themselves.
                    .and(not(resideInAPackage("dev.sage.runtime.core"))));

    @ArchTest
    static final ArchRule httpDoesNotSeeHowJobsAreKept = noClasses()
            .that()
            .resideInAPackage("dev.sage.node.http..")
            .should()
            .dependOnClassesThat()
            .resideInAnyPackage("dev.sage.node.journal..", "dev.sage.node.code..", "java.sql..");

    @ArchTest
    static final ArchRule samplesSeeTheApiOnly = noClasses()
            .that()
            .resideInAPackage("dev.sage.samples..")
            .should()
            .dependOnClassesThat(resideInAPackage("dev.sage..")
                    .and(not(resideInAnyPackage("dev.sage.samples..", "dev.sage.api.."))));

    @ArchTest
    static final ArchRule commandLineKnowsNoRuntime = noClasses()
            .that()
            .resideInAPackage("dev.sage.cli..")
            .should()
            .dependOnClassesThat()
            .resideInAnyPackage("dev.sage.runtime..", "dev.sage.testkit..", PEKKO);

    @ArchTest
    static final ArchRule clientKnowsNoRuntime = noClasses()
            .that()
            .resideInAPackage("dev.sage.client..")
            .should()
            .dependOnClassesThat()
            .resideInAnyPackage("dev.sage.runtime..", "dev.sage.node..", PEKKO);

    @ArchTest
    static final ArchRule decisionsKnowNoActors =
            noClasses().that(arePure()).should().dependOnClassesThat().resideInAPackage(PEKKO);

    @ArchTest
    static final ArchRule decisionsRunNothingOnOtherThreads = noClasses()
            .that(arePure())
            .should()
            .dependOnClassesThat()
            .haveNameMatching("java\\.lang\\.Thread|java\\.util\\.Timer"
                    + "|java\\.util\\.concurrent\\..*(Executor|Future|Scheduled|ForkJoin).*");

    @ArchTest
    static final ArchRule decisionsReadNoClock = noClasses()
            .that(arePure())
            .should()
            .callMethod(System.class, "nanoTime")
            .orShould()
            .callMethod(System.class, "currentTimeMillis")
            .orShould()
            .callMethod(Instant.class, "now")
            .orShould()
            .callMethod(LocalDateTime.class, "now")
            .orShould()
            .dependOnClassesThat()
            .areAssignableTo(Clock.class);

    @ArchTest
    static final ArchRule decisionsDoNoInputOrOutput = noClasses()
            .that(arePure())
            .should()
            .dependOnClassesThat(resideInAnyPackage("java.io..", "java.nio..", "java.net..", "java.lang.reflect..")
                    .and(not(resideInAPackage("java.nio.charset"))))
            .orShould()
            .dependOnClassesThat()
            .haveFullyQualifiedName(ProcessBuilder.class.getName());

    @ArchTest
    static final ArchRule dataPlaneAndPlanKnowNoActors = noClasses()
            .that()
            .resideInAnyPackage("dev.sage.runtime.dataplane..", "dev.sage.runtime.plan..")
            .should()
            .dependOnClassesThat()
            .resideInAPackage(PEKKO);

    @ArchTest
    static final ArchRule jsonStaysWhereItIsWritten = noClasses()
            .that()
            .resideInAnyPackage("dev.sage.api..", "dev.sage.runtime.core..", "dev.sage.runtime.dataplane..")
            .should()
            .dependOnClassesThat()
            .resideInAPackage(JACKSON);

    @ArchTest
    static final ArchRule nobodySleeps = noClasses()
            .should()
            .callMethod(Thread.class, "sleep", long.class)
            .orShould()
            .callMethod(Thread.class, "sleep", long.class, int.class)
            .because("a component that sleeps and asks again is slower than the event that it waits for");

    @ArchTest
    static final ArchRule nobodyMeasuresWithTheWallClock =
            noClasses().should().callMethod(System.class, "currentTimeMillis");

    @ArchTest
    static final ArchRule everyPackageSaysWhatLivesThereAndIsNullMarked = classes()
            .should(new ArchCondition<>("be in a package with a @NullMarked package-info") {
                @Override
                public void check(JavaClass type, ConditionEvents events) {
                    boolean marked = type.getPackage()
                            .tryGetPackageInfo()
                            .filter(info -> info.isAnnotatedWith(NullMarked.class))
                            .isPresent();
                    if (!marked) {
                        events.add(SimpleConditionEvent.violated(
                                type, type.getPackageName() + " of " + type.getName() + " is not @NullMarked"));
                    }
                }
            });

    private static DescribedPredicate<JavaClass> arePure() {
        return resideInAPackage("dev.sage..core..").as("are in a pure core");
    }
}
