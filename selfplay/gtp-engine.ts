/** Any player as a GTP engine: one command in, one answer out. Commands as in GTP 2, with those of KataGo, KGS and GoGui. */
import { formatBegun, formatFailure, formatSuccess, parseCommand } from '#engine/record/gtp.ts';
import { done, refuse, type Answer } from './gtp-answer.ts';
import { analyzeCommands } from './gtp-analyze-commands.ts';
import { boardCommands } from './gtp-board-commands.ts';
import type { AnswerStream, Command, GtpChannel } from './gtp-command.ts';
import { GOGUI_COMMANDS } from './gtp-gogui.ts';
import { netCommands } from './gtp-net-commands.ts';
import { parameterCommands, setAll } from './gtp-parameter-commands.ts';
import { playCommands } from './gtp-play-commands.ts';
import { rulesCommands } from './gtp-rules-commands.ts';
import { scoreCommands } from './gtp-score-commands.ts';
import { GtpSession, type GtpEngineOptions } from './gtp-session.ts';
import { timeCommands } from './gtp-time-commands.ts';

/** After these it is the opponent's turn. */
const PLAYS = /^(genmove|kgs-genmove_cleanup|(lz-|kata-)?genmove_analyze)$/;

/** `quit`: the answer is the last one. */
export type GtpReply = { readonly text: string; readonly quit: boolean };

export class GtpEngine {
  private readonly session: GtpSession;
  private readonly commands: ReadonlyMap<string, Command>;
  /** Whether the player can be stopped, and moves then by what it has found. */
  private readonly isCancellable: boolean;

  constructor(options: GtpEngineOptions) {
    this.session = new GtpSession(options);
    this.isCancellable = options.player.analyse !== undefined;
    const { session } = this;
    this.commands = new Map(
      Object.entries({
        protocol_version: () => done('2'),
        name: () => done(options.name),
        version: () => done(options.version),
        known_command: ([name = '']) => done(String(this.commands.has(name))),
        list_commands: () => done([...this.commands.keys()].join('\n')),
        'gogui-analyze_commands': () => done(GOGUI_COMMANDS.join('\n')),
        quit: () => done(),
        ...boardCommands(session),
        ...rulesCommands(session),
        ...timeCommands(session),
        ...playCommands(session),
        ...scoreCommands(session),
        ...parameterCommands(session.parameters),
        ...(options.player.analyse === undefined ? {} : analyzeCommands(session, options.player.analyse)),
        ...(options.net === undefined ? {} : netCommands(session, options.net)),
      } satisfies Record<string, Command>),
    );
  }

  /** Sets what `kata-list-params` lists; other names are passed over. @returns the first name that cannot be what it is to be, or null. */
  setParameters(values: Iterable<readonly [name: string, value: string]>): string | null {
    const { parameters } = this.session;
    const { names } = parameters;
    for (const [name, value] of values)
      if (names.includes(name) && !setAll(parameters, [[name, value]]).ok) return name;
    return null;
  }

  /** Ends what goes on between commands. */
  close(): Promise<void> {
    return this.session.endPondering();
  }

  /** Answers one line; null for a line that holds no command. Never rejects: a failing player is refused, and reported. */
  async handle(line: string, channel: GtpChannel): Promise<GtpReply | null> {
    this.session.begin();
    const command = parseCommand(line);
    if (command === null) return null;
    await this.session.endPondering();
    const { id, name, args } = command;
    const run = this.commands.get(name);
    if (run === undefined) return { text: formatFailure(id, 'unknown command'), quit: false };
    let isBegun = false;
    const begin = (): void => {
      if (!isBegun) channel.write(formatBegun(id));
      isBegun = true;
    };
    const stream: AnswerStream = {
      nextLine: channel.nextLine,
      // Of other players some would be lost.
      stop: this.isCancellable ? AbortSignal.any([channel.stop, channel.interrupt]) : channel.stop,
      begin,
      line: (text) => {
        begin();
        if (!channel.isBehind()) channel.write(`${text}\n`);
      },
    };
    let answer: Answer;
    try {
      answer = await run(args, stream);
      if (answer.ok && PLAYS.test(name)) this.session.ponder();
    } catch (error) {
      this.session.options.onError?.(error);
      answer = refuse(error instanceof Error ? error.message : String(error));
    }
    const quit = name === 'quit';
    // Once begun an answer is a success, whatever comes of it.
    if (isBegun) return { text: answer.ok && answer.text !== '' ? `${answer.text}\n\n` : '\n', quit };
    return { text: answer.ok ? formatSuccess(id, answer.text) : formatFailure(id, answer.text), quit };
  }
}
