/** What a step is called, and what it does, for whoever does not know the term. */
export interface StepWords {
  /** The field's term, short enough for the step column of an 80-column terminal. */
  readonly title: string;
  /** The rest of a sentence that begins with the step: "Cordon — keeps new pods away". */
  readonly purpose: string;
}

/** A step of the whole run; `{source}` stands for the old CNI's name. */
export interface RunStepWords extends StepWords {
  /** What is being done while it runs, for the header. */
  readonly doing: string;
}

/** Words of sources' own steps, by id: a block for each source. */
const titles: Readonly<Record<string, RunStepWords>> = {
  "owners/freeze": {
    title: "Freeze owners",
    purpose: "scales autoscalers to zero and suspends GitOps objects that own {source}, as the plan lists them",
    doing: "freezing owners of nodes and of {source}",
  },
  "owners/release": {
    title: "Release owners",
    purpose: "puts autoscalers back as they were",
    doing: "releasing owners of nodes",
  },
  "rounds/restart-nodes": {
    title: "Second restarts",
    purpose: "drains and restarts every node once more, one after the other, as the plan says",
    doing: "restarting every node a second time",
  },
  "rounds/forget-marks": {
    title: "Forget restart marks",
    purpose: "removes the annotations of the second restarts",
    doing: "removing the marks of the second restarts",
  },
  "rollback-owners/release": {
    title: "Release owners",
    purpose: "puts autoscalers and GitOps objects back as they were",
    doing: "releasing owners of nodes and of {source}",
  },
};

/** What such a step does in whichever source it is, by its id without the source. */
const common: Readonly<Record<string, RunStepWords>> = {
  "pin-addresses": {
    title: "Pin addresses",
    purpose: "tells {source} to take each Node's InternalIP, for it could take Cilium's link",
    doing: "pinning {source}'s node addresses",
  },
  "check-addresses": {
    title: "Check addresses",
    purpose: "verifies that {source} still knows every node by its own address",
    doing: "checking {source}'s node addresses",
  },
  "recheck-addresses": {
    title: "Check addresses",
    purpose: "verifies that {source} still knows every node by its own address",
    doing: "checking {source}'s node addresses",
  },
  "await-cilium-operator": {
    title: "Await operator",
    purpose: "waits for a Ready replica of cilium-operator, which clears the taint that {source} leaves",
    doing: "waiting for cilium-operator",
  },
  "release-objects": {
    title: "Release objects",
    purpose: "removes finalizers that only {source}'s controllers would remove, once these are stopped",
    doing: "releasing {source}'s objects",
  },
  "stop-owner": {
    title: "Stop owner",
    purpose: "stops the operator that would bring {source} back, and removes its finalizers",
    doing: "stopping {source}'s operator",
  },
  "clear-network-unavailable": {
    title: "Network available",
    purpose: "verifies that no node has the taint network-unavailable once {source} is gone",
    doing: "verifying that the network is available on every node",
  },
  "start-owner": {
    title: "Start owner",
    purpose: "starts {source}'s operator again",
    doing: "starting {source}'s operator",
  },
  "unpin-addresses": {
    title: "Address detection",
    purpose: "says which setting of {source}'s address detection stays until the nodes restart",
    doing: "looking at {source}'s address detection",
  },
  "free-addresses": {
    title: "Held addresses",
    purpose: "says how many of {source}'s addresses are still reserved for pods that are gone",
    doing: "counting {source}'s reserved addresses",
  },
};

/** A step of a source's own that has no words here is called by its id: "SOURCE/pin-addresses" is "Pin addresses". */
export function sourceStepWords(id: string): RunStepWords {
  const bare = id.slice(id.indexOf("/") + 1);
  const known =
    (Object.hasOwn(titles, id) ? titles[id] : undefined) ?? (Object.hasOwn(common, bare) ? common[bare] : undefined);
  if (known) return known;
  const name = bare.replaceAll("-", " ");
  const title = `${name.charAt(0).toUpperCase()}${name.slice(1)}`;
  return { title, purpose: "a step of the old CNI's own", doing: `at step ${id}` };
}
