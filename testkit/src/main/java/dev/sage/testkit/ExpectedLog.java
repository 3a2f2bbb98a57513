package dev.sage.testkit;

import java.lang.annotation.Documented;
import java.lang.annotation.ElementType;
import java.lang.annotation.Inherited;
import java.lang.annotation.Retention;
import java.lang.annotation.RetentionPolicy;
import java.lang.annotation.Target;

/**
 * Lines of level WARN or ERROR that belong to the test, which would fail on them otherwise. A line is expected when it
 * contains one of the texts; it need not come.
 */
@Target({ElementType.METHOD, ElementType.TYPE})
@Retention(RetentionPolicy.RUNTIME)
@Documented
@Inherited
public @interface ExpectedLog {
    /** Parts of lines, case and all. */
    String[] value();
}
