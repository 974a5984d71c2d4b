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

/** A step of a source's own that has no words here is called by its id: "SOURCE/pin-addresses" is "Pin addresses". */
export function sourceStepWords(id: string): RunStepWords {
  const known = Object.hasOwn(titles, id) ? titles[id] : undefined;
  if (known) return known;
  const name = id.slice(id.indexOf("/") + 1).replaceAll("-", " ");
  const title = `${name.charAt(0).toUpperCase()}${name.slice(1)}`;
  return { title, purpose: "a step of the old CNI's own", doing: `at step ${id}` };
}
