/** {@code sage jobmanager}: starts the node of this machine, and stops it. */
@NullMarked
package dev.sage.cli.manager;

import org.jspecify.annotations.NullMarked;
