using Rewas.Networks;
using Rewas.Networks.Onnx;

namespace Rewas.AudioDiffusion;

/// <summary>The inputs of the denoiser's part that runs at every step, by index. The first axis of each is the row.</summary>
static class StepPorts
{
    public const int Latent = 0, Time = 1, Film = 2, Features = 3;

    /// <summary>Rows of a window with one guidance scale for text and energy.</summary>
    public const int GuidedRows = 2;

    public static long[] Shape(Port port, int rows) => [rows, .. port.Shape.Skip(1)];

    public static int RowLength(OnnxNetwork denoiser, int input) =>
        (int)denoiser.Definition.Inputs[input].Shape.Skip(1).Aggregate(1L, (count, size) => count * size);
}
