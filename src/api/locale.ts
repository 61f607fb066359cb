// Language tags (BCP 47), such as de or pt-BR.

export function isLocale(text: string): boolean {
  try {
    return Intl.getCanonicalLocales(text).length === 1;
  } catch {
    // RangeError is how Intl says that it is no language tag.
    return false;
  }
}
