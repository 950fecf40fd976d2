using Rewas.Networks.Torch;
TorchLibrary.Prepare();
var w = TorchWeights.Fresh(1);
var a = w.Get("a.weight", [4, 3], Rewas.Networks.Init.Uniform, true);
Console.WriteLine(TorchSharp.torch.__version__ + " " + a.MatMul(a.Transpose(1,0)).Softmax(-1).Shape[1]);
