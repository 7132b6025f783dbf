/** An element of the page by its id. */
export function byId<T extends HTMLElement>(id: string): T {
  const found = document.getElementById(id);
  if (!found) throw new Error(`Expected an element #${id} in the page, got none.`);
  return found as T;
}

export const textOf = (id: string): string => byId<HTMLInputElement | HTMLSelectElement>(id).value;
export const numberOf = (id: string): number => Number(textOf(id));

/** A list to choose from; what was chosen stays where it is still there. */
export function fill(id: string, options: readonly (readonly [value: string, text: string])[], chosen?: string): void {
  const select = byId<HTMLSelectElement>(id);
  select.replaceChildren(...options.map(([value, text]) => new Option(text, value)));
  if (chosen !== undefined && options.some(([value]) => value === chosen)) select.value = chosen;
}

/** An element with what is inside. */
export function element<K extends keyof HTMLElementTagNameMap>(
  tag: K,
  properties: Partial<HTMLElementTagNameMap[K]>,
  ...inside: readonly (Node | string)[]
): HTMLElementTagNameMap[K] {
  const made = Object.assign(document.createElement(tag), properties);
  made.append(...inside);
  return made;
}
