/** Double clicks: the second click is for what the first was for, never for what has come in its place. */

/** What a click is for, rather than the part of it that is under the pointer. */
const CLICKABLE = 'button, a, input, select, summary, [data-point]';

/** Keeps every second click of a double click on this page from what was not there at the first. */
export function guardSecondClicks(): void {
  let first: EventTarget | undefined;
  /** Where it was. */
  let place = new DOMRect();
  addEventListener(
    'click',
    (event) => {
      const path = event.composedPath();
      const target = path.find((each) => each instanceof Element && each.matches(CLICKABLE)) ?? path[0];
      // 0 is a click by a key.
      if (event.detail <= 1) {
        first = target;
        place = target instanceof Element ? target.getBoundingClientRect() : new DOMRect();
      } else if (target !== first && isWithin(place, event)) {
        event.stopImmediatePropagation();
        event.preventDefault();
      }
    },
    { capture: true },
  );
}

function isWithin({ left, right, top, bottom }: DOMRect, { clientX: x, clientY: y }: MouseEvent): boolean {
  return left <= x && x <= right && top <= y && y <= bottom;
}
