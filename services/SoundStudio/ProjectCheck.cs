using System.Text;
using System.Text.Json;
using Rewas.Clip.Faults;
using Rewas.Clip.Json;
using Rewas.V1;

namespace Rewas.SoundStudio;

/// <summary>Checks what a caller wants to keep in a project.</summary>
static class ProjectCheck
{
    public const int MostDocumentBytes = 1 << 20, MostVideos = 100, MostRenders = 1000, MostShares = 50;

    const int MostNameCharacters = 255, DeepestDocument = 64;

    /// <summary>"oidc:" and the longest subject of a token; the callers of keys have shorter names.</summary>
    const int MostCallerCharacters = 205;

    /// <exception cref="InputFault">Lists every fault.</exception>
    public static ProjectContent Checked(ProjectContent? content)
    {
        if (content is null)
            throw InputFault.Invalid("content", "must be given, but is absent");
        InputFault.ThrowIfAny(Faults(content));
        return content;
    }

    /// <exception cref="InputFault">It is no name of another caller.</exception>
    public static string CheckedCaller(string caller, string owner)
    {
        if (owner.Length == 0)
            throw InputFault.Precondition(
                "caller", "cannot be named: this server does not check callers, so everybody can open the project");
        if (caller.Length is 0 or > MostCallerCharacters || caller.Any(c => c is <= ' ' or > '~'))
            throw InputFault.Invalid("caller", $"must have 1 to {MostCallerCharacters} printable characters of ASCII");
        return caller != owner ? caller : throw InputFault.Invalid("caller", "must be another caller than the owner");
    }

    static IEnumerable<InputFault> Faults(ProjectContent content)
    {
        if (content.Name.Length is 0 or > MostNameCharacters)
            yield return InputFault.Invalid(
                "name", $"must have 1 to {MostNameCharacters} characters, but has {content.Name.Length}");
        if (DocumentFault(content.Document) is { } fault)
            yield return fault;
        if (content.VideoIds.Count > MostVideos)
            yield return InputFault.Exhausted("video_ids", $"at most {MostVideos} are kept, but there are {content.VideoIds.Count}");
        if (content.RenderIds.Count > MostRenders)
            yield return InputFault.Exhausted("render_ids", $"at most {MostRenders} are kept, but there are {content.RenderIds.Count}");
    }

    static InputFault? DocumentFault(string document)
    {
        var utf8 = Encoding.UTF8.GetBytes(document);
        if (utf8.Length > MostDocumentBytes)
            return InputFault.Exhausted("document", $"must have at most {MostDocumentBytes} bytes, but has {utf8.Length}");
        return IsObject(utf8)
            ? null
            : InputFault.Invalid("document", $"must be a JSON object, with every name once, of at most {DeepestDocument} levels");
    }

    static bool IsObject(byte[] utf8)
    {
        try
        {
            StrictJson.ThrowIfNotUnicode(utf8);
            using var json = JsonDocument.Parse(
                utf8, new JsonDocumentOptions { AllowDuplicateProperties = false, MaxDepth = DeepestDocument });
            return json.RootElement.ValueKind == JsonValueKind.Object;
        }
        catch (JsonException)
        {
            return false;
        }
    }
}
