/** What GoGui offers in its window for analyze commands: type, label, and the command with its placeholders. */
export const GOGUI_COMMANDS: readonly string[] = [
  'hstring/Show Board/showboard',
  'string/Rules/kata-get-rules',
  'string/Score/final_score',
  'plist/Points with Status/final_status_list %s',
  'string/Status of Point/final_status %p',
  'varc/Best Move/reg_genmove %c',
  'string/Thinking Time/cputime',
  'hstring/Record/printsgf',
];
