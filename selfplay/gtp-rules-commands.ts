/** KataGo's and KGS's GTP commands that read and set the rules. */
import { formatKataRules, parseRules } from '#engine/record/rules-text.ts';
import { SYNTAX_ERROR, done, refuse, type Answer } from './gtp-answer.ts';
import type { Commands } from './gtp-command.ts';
import type { GtpSession } from './gtp-session.ts';

/** What KGS plays by each of its names: Chinese rules with superko. */
const KGS_RULES: ReadonlyMap<string, string> = new Map([
  ['chinese', 'chinese-kgs'],
  ['aga', 'aga'],
  ['japanese', 'japanese'],
  ['new_zealand', 'new-zealand'],
]);

export function rulesCommands(session: GtpSession): Commands {
  return {
    'kata-get-rules': () => done(formatKataRules(session.rules)),
    'kata-set-rules': (args) => setRules(session, args.join(' ')),
    'kata-set-rule': ([name, ...value]) => setRule(session, name, value.join(' ')),
    'kgs-rules': ([name]) => {
      if (name === undefined) return SYNTAX_ERROR;
      const text = KGS_RULES.get(name.toLowerCase());
      return text === undefined ? refuse(`unknown rules '${name}'`) : setRules(session, text);
    },
  };
}

function setRules(session: GtpSession, text: string): Answer {
  const rules = parseRules(text);
  return rules === null
    ? refuse(`unknown rules '${text}'`)
    : session.changeRules({ ...rules, komi: session.rules.komi });
}

/** One field of KataGo's JSON of rules. */
function setRule(session: GtpSession, name: string | undefined, value: string): Answer {
  if (name === undefined || value === '') return SYNTAX_ERROR;
  const known = JSON.parse(formatKataRules(session.rules)) as Record<string, unknown>;
  const fields: Record<string, unknown> = { ...known, friendlyPassOk: false };
  if (!Object.hasOwn(fields, name)) return refuse(`unknown rule '${name}'`);
  const isSwitch = typeof fields[name] === 'boolean';
  if (isSwitch && !/^(true|false)$/i.test(value)) return refuse(`'${value}' is neither true nor false`);
  const changed = { ...fields, [name]: isSwitch ? /^true$/i.test(value) : value };
  const rules = parseRules(JSON.stringify(changed));
  return rules === null
    ? refuse(`unknown value '${value}' of rule '${name}'`)
    : session.changeRules({ ...rules, komi: session.rules.komi });
}
