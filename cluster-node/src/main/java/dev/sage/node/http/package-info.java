/**
 * The HTTP API of a node. {@link dev.sage.node.http.HttpApi} binds it; {@code openapi.yaml} beside the classes describes
 * it. A request goes through {@code Gate} (token, rate), {@code Router} (a table of routes) and one handler; every error
 * becomes a problem+json in {@code Problems}.
 */
@NullMarked
package dev.sage.node.http;

import org.jspecify.annotations.NullMarked;
