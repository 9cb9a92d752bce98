/** KataGo's configuration files and its `-override-config` lists as settings by name. */

const KEY = /^[\w-]+$/;

/** "key = value", with quotes around the value or not; null for what is no setting. */
function parseSetting(text: string): [key: string, value: string] | null {
  const at = text.indexOf('=');
  const key = text.slice(0, Math.max(0, at)).trim();
  if (!KEY.test(key)) return null;
  const value = text.slice(at + 1).trim();
  return [key, /^"(.*)"$/s.exec(value)?.[1] ?? value];
}

/** One setting a line, with comments from "#"; lines that are none are passed over, the last of a name counts. */
export function parseKataConfig(text: string): Map<string, string> {
  const settings = text.split(/\r?\n/).map((line) => parseSetting(line.replace(/#.*/, '')));
  return new Map(settings.filter((setting) => setting !== null));
}

/** "key=value,key=value". */
export function parseKataOverrides(text: string): Map<string, string> {
  return new Map(
    text
      .split(',')
      .map(parseSetting)
      .filter((setting) => setting !== null),
  );
}
