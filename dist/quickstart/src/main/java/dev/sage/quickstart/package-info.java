/**
 * What the build does to some jars of the distribution: {@link dev.sage.quickstart.QuickJars} rewrites them, with the same
 * behaviour, into jars with which a JVM is ready sooner. Libraries that are taken from a repository stay as they are.
 */
@NullMarked
package dev.sage.quickstart;

import org.jspecify.annotations.NullMarked;
