namespace Rewas.Evaluation.Galleries;

/// <summary>A prompt of the gallery and what was made of it.</summary>
/// <param name="Name">Of its files, without extension.</param>
/// <param name="Film">File of the silent film.</param>
/// <param name="Kind">Of the scene.</param>
/// <param name="Label">Of the real recording.</param>
/// <param name="Credit">Author and address of the real recording.</param>
/// <param name="Used">Recordings of the memory that the sound starts from.</param>
/// <param name="Remark">What is still wrong with it; null if nobody has written it.</param>
sealed record PromptCase(
    string Name, string Film, string Kind, string Prompt, string Label, string Credit, IReadOnlyList<string> Used, string? Remark);
