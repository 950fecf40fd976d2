using System.ComponentModel;
using System.Text.Json;
using Rewas.V1;

namespace Rewas.Gateway.Web.Projects;

/// <summary>What a project is made or replaced with.</summary>
sealed record ProjectRequest
{
    [Description("For people: 1 to 255 characters.")]
    public required string Name { get; init; }

    [Description(
        "The state of a page or an editor: a JSON object of at most 1 MiB. The server reads two of its fields, which may be absent: files "
        + "and sounds, lists of the ids that the project keeps.")]
    public required JsonElement Document { get; init; }
}

/// <summary>The state of a page or an editor that is kept on the server, with the files and sounds that it works on.</summary>
sealed record ProjectView
{
    [Description("Names the project in other calls.")]
    public required string Id { get; init; }

    [Description("Always \"project\".")]
    public string Object { get; init; } = "project";

    public required string Name { get; init; }

    [Description("Counts what was saved, from 1. It is also the ETag.")]
    public required long Version { get; init; }

    [Description("As it was saved; absent in lists and in the answer to what was saved.")]
    public JsonElement? Document { get; init; }

    [Description("Ids of the files that it keeps and that are still there; absent in lists.")]
    public IReadOnlyList<string>? Files { get; init; }

    [Description("Ids of the sounds that it keeps and that are still there; absent in lists.")]
    public IReadOnlyList<string>? Sounds { get; init; }

    public required DateTimeOffset Saved { get; init; }

    [Description("When it is deleted with what it keeps, unless it is used before.")]
    public required DateTimeOffset LeaseEnds { get; init; }

    [Description("Whose it is; absent if the server does not check callers.")]
    public string? Owner { get; init; }

    [Description("Whether it is another caller's, who shares it: it can be opened, and its files and sounds can be read.")]
    public required bool ReadOnly { get; init; }

    [Description("Callers who may open it; told to the owner alone.")]
    public IReadOnlyList<string>? SharedWith { get; init; }

    /// <param name="caller">Who asks.</param>
    /// <param name="whole">With the document.</param>
    public static ProjectView Of(StudioProject project, string caller, bool whole)
    {
        var hasContent = project.Content.Document.Length > 0;
        return new()
        {
            Id = project.ProjectId,
            Name = project.Content.Name,
            Version = project.Version,
            Document = whole ? JsonElement.Parse(project.Content.Document) : null,
            Files = hasContent ? project.Content.VideoIds : null,
            Sounds = hasContent ? project.Content.RenderIds : null,
            Saved = project.Saved.ToDateTimeOffset(),
            LeaseEnds = project.LeaseEnds.ToDateTimeOffset(),
            Owner = project.Owner.Length > 0 ? project.Owner : null,
            ReadOnly = project.Owner != caller,
            SharedWith = hasContent && project.Owner == caller && caller.Length > 0 ? project.SharedWith : null,
        };
    }
}

/// <param name="Data">The last saved first.</param>
sealed record ProjectList(IReadOnlyList<ProjectView> Data);

/// <summary>Names a caller who may open a project.</summary>
sealed record ShareRequest
{
    [Description("The other caller's name, as GET /v1/me tells it to that caller.")]
    public required string Caller { get; init; }
}
