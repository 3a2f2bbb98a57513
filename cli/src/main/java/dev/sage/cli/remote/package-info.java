/**
 * The commands that ask a node over HTTP. They print what it answers, as a table for people or, with {@code --json}, as it
 * came; so nothing here maps the answers onto classes, which would take longer than all the rest of a command.
 */
@NullMarked
package dev.sage.cli.remote;

import org.jspecify.annotations.NullMarked;
