/**
 * What must not reach a terminal out of somebody else's text: controls; the invisible and the direction-changing, scripts
 * that run backwards among them; marks piled upon a character or upon what stands before the text; frames and blocks, in
 * which our dialogs are drawn; blanks that are none.
 */
export const actingOnTerminals =
  /[\p{Cc}\p{Cf}\p{Cs}\p{Zl}\p{Zp}\p{DI}\p{Me}\u2500-\u259f\u2800\p{Script=Hebrew}\p{Script=Arabic}\p{Script=Syriac}\p{Script=Thaana}\p{Script=Nko}]|(?<=\p{M}{3})\p{M}|^\p{M}/gu;

/** The few of them that JSON.stringify writes as they are. */
const leftByJson = /[\u007f-\u009f]|\p{Cf}|\p{Zl}|\p{Zp}|\p{DI}/gu;

/** JSON that says the same and is one line of harmless characters, whatever strings are in it: for pipes and for eyes. */
export function harmlessJson(value: unknown, indent?: number): string {
  return JSON.stringify(value, null, indent).replace(leftByJson, escaped);
}

/** By UTF-16 units, as JSON counts. */
function escaped(character: string): string {
  let out = "";
  for (let index = 0; index < character.length; index++) {
    out += `\\u${character.charCodeAt(index).toString(16).padStart(4, "0")}`;
  }
  return out;
}
