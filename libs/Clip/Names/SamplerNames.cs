namespace Rewas.Clip.Names;

/// <summary>Samplers and spacings of noise levels, by the names in requests, bundles and sidecars.</summary>
public static class SamplerNames
{
    public const string Ddim = "ddim";
    public const string DpmSolver = "dpmpp-2m";
    public const string DpmSolverSde = "dpmpp-2m-sde";
    public const string UniPc = "unipc";

    /// <summary>The best of a few steps: for imported bundles and the usual preset.</summary>
    public const string OfFewSteps = UniPc;

    public const string Uniform = "uniform";
    public const string Trailing = "trailing";
    public const string LogSnr = "logsnr";
    public const string Karras = "karras";

    public static IReadOnlyList<string> Samplers { get; } = [Ddim, DpmSolver, DpmSolverSde, UniPc];

    public static IReadOnlyList<string> Spacings { get; } = [Uniform, Trailing, LogSnr, Karras];
}
