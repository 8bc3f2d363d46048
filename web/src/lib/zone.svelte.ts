import { rememberedElsewhere, rememberedTexts, rememberTexts } from './remembered.ts';
import { LOCAL, showZone, UTC, type Zone } from './zone.ts';

const KEY = 'simvue.zone';
const remembered = (): Zone => (rememberedTexts(KEY, 1)[0] === LOCAL.word ? LOCAL : UTC);
let shown = $state.raw<Zone>(remembered());
showZone(() => shown);
rememberedElsewhere(KEY, () => {
  shown = remembered();
});

/** Shows all times in the other zone, and remembers it in this browser. */
export function switchZone(): void {
  shown = shown === UTC ? LOCAL : UTC;
  rememberTexts(KEY, [shown.word]);
}
