namespace Rewas.Evaluation.Reports;

/// <summary>Colours that are distinguishable with any colour vision (Okabe and Ito 2008).</summary>
static class PlotColours
{
    static readonly string[] Colours = ["#000000", "#0072b2", "#d55e00", "#009e73", "#cc79a7", "#56b4e9", "#e69f00"];

    public static string Of(int number) => Colours[number % Colours.Length];
}
