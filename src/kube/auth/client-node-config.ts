/** The one thing that we take of client-node, apart, so that a bundler can leave out the other seven megabytes. */
export { KubeConfig } from "@kubernetes/client-node";
