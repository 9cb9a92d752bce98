/** Game records into the page: chosen, dropped or pasted. */
import type { ReactiveController, ReactiveControllerHost } from 'lit';
import { MAX_SGF_CHARACTERS } from '../../../server/protocol/messages.ts';
import { uploadSgf } from '../browser/api.ts';
import type { GameSession } from '../state/session.ts';

/** Larger than any record the server takes. */
const MAX_FILE_BYTES = 2 * 1024 * 1024;

export class RecordFiles implements ReactiveController {
  private readonly session: GameSession;
  private readonly level: () => string;

  /** @param level the id of the level that goes on with an opened record. */
  constructor(host: ReactiveControllerHost, session: GameSession, level: () => string) {
    this.session = session;
    this.level = level;
    host.addController(this);
  }

  hostConnected(): void {
    addEventListener('dragover', this.onDragOver);
    addEventListener('drop', this.onDrop);
    addEventListener('paste', this.onPaste);
  }

  hostDisconnected(): void {
    removeEventListener('dragover', this.onDragOver);
    removeEventListener('drop', this.onDrop);
    removeEventListener('paste', this.onPaste);
  }

  async openFile(file: File): Promise<void> {
    if (file.size > MAX_FILE_BYTES)
      this.session.store.update({
        notice: `${file.name} is larger than 2 MiB: choose the record of one game.`,
      });
    else await this.openText(await file.text());
  }

  private async openText(text: string): Promise<void> {
    if (text.length <= MAX_SGF_CHARACTERS) {
      this.session.send({ type: 'load-sgf', text, level: this.level() });
      return;
    }
    const uploaded = await uploadSgf(text, this.level());
    if (uploaded.ok) this.session.open(uploaded.game);
    else this.session.store.update({ notice: uploaded.message });
  }

  private readonly onDragOver = (event: DragEvent): void => event.preventDefault();

  private readonly onDrop = (event: DragEvent): void => {
    event.preventDefault();
    const file = event.dataTransfer?.files[0];
    if (file !== undefined) void this.openFile(file);
  };

  private readonly onPaste = (event: ClipboardEvent): void => {
    const text = event.clipboardData?.getData('text/plain').trim() ?? '';
    if (text.startsWith('(;')) void this.openText(text);
  };
}
