/** KataGo's GTP commands that read and set parameters of the search. */
import { SYNTAX_ERROR, done, parseReal, refuse } from './gtp-answer.ts';
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
    'kata-set-param': ([name, text]) => {
      if (name === undefined) return SYNTAX_ERROR;
      if (!parameters.names.includes(name)) return refuse(`unknown parameter '${name}'`);
      const value = parseReal(text);
      if (value === null) return SYNTAX_ERROR;
      return parameters.set(name, value) ? done() : refuse(`'${text}' is out of the range of '${name}'`);
    },
  };
}
