interface Named {
  readonly name: string;
}

/** Where the item of a name stands among items in the order of their names; -1 if it is not there. */
export function indexOfName(items: readonly Named[], name: string): number {
  const index = placeOfName(items, name);
  return items[index]?.name === name ? index : -1;
}

/** Puts an item, whose name is not there, in its place. */
export function insertByName<T extends Named>(items: T[], item: T): void {
  items.splice(placeOfName(items, item.name), 0, item);
}

function placeOfName(items: readonly Named[], name: string): number {
  let low = 0;
  let high = items.length;
  while (low < high) {
    const middle = (low + high) >>> 1;
    if ((items[middle] as Named).name < name) low = middle + 1;
    else high = middle;
  }
  return low;
}
