/** KataGo's GTP commands that read and set parameters of the search. */
import { z } from 'zod';
import { SYNTAX_ERROR, done, parseReal, refuse, type Answer } from './gtp-answer.ts';
import type { Commands } from './gtp-command.ts';
import type { GtpParameters } from './gtp-parameters.ts';

export function parameterCommands(parameters: GtpParameters): Commands {
  return {
    'kata-list-params': () => done(parameters.names.join(' ')),
    'kata-get-param': ([name]) => {
      if (name === undefined) return SYNTAX_ERROR;
      const value = parameters.get(name);
      return value === null ? refuse(`unknown parameter '${name}'`) : done(value);
    },
    'kata-get-params': () =>
      done(
        JSON.stringify(
          Object.fromEntries(parameters.names.map((name) => [name, Number(parameters.get(name))])),
        ),
      ),
    'kata-set-param': ([name, text]) =>
      name === undefined ? SYNTAX_ERROR : setAll(parameters, [[name, text]]),
    'kata-set-params': (args) => {
      const values = parseValues(args.join(' '));
      return values === null ? SYNTAX_ERROR : setAll(parameters, values);
    },
  };
}

type Values = readonly (readonly [name: string, value: string | undefined])[];

/** A JSON object of numbers, which as with KataGo may be written as strings too; null for anything else. */
function parseValues(text: string): Values | null {
  try {
    const values = z.record(z.string(), z.union([z.number(), z.string()])).safeParse(JSON.parse(text));
    return values.success ? Object.entries(values.data).map(([name, value]) => [name, String(value)]) : null;
  } catch (error) {
    if (!(error instanceof SyntaxError)) throw error;
    return null;
  }
}

/** Sets all, or where one of them may not be set, none. */
export function setAll(parameters: GtpParameters, values: Values): Answer {
  const parsed: [string, number][] = [];
  for (const [name, text] of values) {
    if (!parameters.knows(name)) return refuse(`unknown parameter '${name}'`);
    const value = parseReal(text);
    if (value === null) return SYNTAX_ERROR;
    if (!parameters.allows(name, value)) return refuse(`'${text}' is out of the range of '${name}'`);
    parsed.push([name, value]);
  }
  for (const [name, value] of parsed) parameters.set(name, value);
  return done();
}
