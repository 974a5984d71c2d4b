import { Box, useInput } from "ink";
import { useStore } from "zustand";
import type { PanelStore } from "../store/panel-store.ts";
import { layoutOf } from "../store/views/layout.ts";
import { Body } from "./body.tsx";
import { DialogBox } from "./dialog-box.tsx";
import { Footer } from "./footer.tsx";
import { Header } from "./header.tsx";
import { Help } from "./help.tsx";
import { keyName } from "./key-name.ts";
import type { Look } from "./look.ts";
import { TooSmall } from "./too-small.tsx";

export interface AppProps {
  readonly store: PanelStore;
  readonly look: Look;
}

/** The whole panel. The only place that listens to keys; what they do is the bindings' business. */
export function App({ store, look }: AppProps) {
  const state = useStore(store);
  useInput((input, key) => {
    const name = keyName(input, key);
    if (name !== null) store.press(name);
  });
  const { view } = state;
  const layout = layoutOf(state);
  if (layout.tooSmall) return <TooSmall state={state} look={look} />;
  const whole = { width: view.size.columns, height: layout.bodyRows };
  return (
    <Box flexDirection="column" width={view.size.columns} height={view.size.rows} overflow="hidden">
      <Header state={state} look={look} layout={layout} />
      <Box height={layout.bodyRows} flexShrink={0} overflow="hidden">
        {view.help ? (
          <Help state={state} region={whole} look={look} />
        ) : (
          <Body state={state} layout={layout} look={look} />
        )}
        {view.dialog && <DialogBox state={state} dialog={view.dialog} look={look} room={layout.bodyRows} />}
      </Box>
      <Footer state={state} look={look} />
    </Box>
  );
}
