/** Specs that tfjs's wasm backend passes and the torch backend does not, by name, each with its reason. */
export const EXCLUSIONS: Readonly<Record<string, string>> = {
  'avgPool gradient x=[3,3,1] f=[3,3] s=1 p=explicit':
    'tfjs divides every gradient by the whole window, padding included, although its forward pass does not; ours is the derivative of the forward pass',
  'avgPool3d x=[1,1,1,1,1] f=[1,1,3] s=1 p=valid':
    'a window wider than the tensor, whose output is empty: libtorch refuses it',
  'gather throws when index is out of bound':
    'a GPU would have to be waited for at every gather; libtorch reports it itself where it can',
  'maxPool [x=[3,3,1] f=[2,2] s=1 ignores NaNs': 'libtorch passes NaN on, as PyTorch users expect',
  'maxPool3d x=[1,3,3,3,1] f=[2,2,2] s=1 p=valid, ignores NaNs':
    'libtorch passes NaN on, as PyTorch users expect',
};
