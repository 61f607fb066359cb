// Which file names are manifests: YAML and JSON, but nothing hidden and nothing an editor left or is about to rename.

const manifestEnding = /\.(ya?ml|json)$/i;

/** Hidden files (`.#relay.yaml`, `..data`), backups (`relay.yaml~`) and swap files are none. */
export function isManifestName(name: string): boolean {
  return !isHiddenName(name) && manifestEnding.test(name);
}

/** Also Kubernetes volumes' `..data` and `..2026_11_24…`: what they hold shows through links beside them. */
export function isHiddenName(name: string): boolean {
  return name.startsWith('.');
}
