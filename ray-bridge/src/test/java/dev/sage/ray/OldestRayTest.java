package dev.sage.ray;

import org.junit.jupiter.api.condition.EnabledIfSystemProperty;

/** The same jobs with the oldest Ray that is promised to work. */
@EnabledIfSystemProperty(named = "sage.tests.nightly", matches = "true")
class OldestRayTest extends RayJobsTest {
    @Override
    String version() {
        return "2.39.0";
    }
}
