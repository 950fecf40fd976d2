using Rewas.Clip.Faults;
using Rewas.V1;

namespace Rewas.Protocol.Orders;

/// <summary>A recording as text: the path of its file.</summary>
static class ReferencePath
{
    const int MostCharacters = 4096, MostNameCharacters = 255;
    const int HashDigits = 64;

    public static ReferenceSound ToMessage(string path)
    {
        var name = path[(path.LastIndexOfAny(['/', '\\']) + 1)..];
        return new() { Name = name.Length <= MostNameCharacters ? name : name[^MostNameCharacters..], Path = path };
    }

    public static string Shown(ReferenceSound recording) =>
        recording.FromCase == ReferenceSound.FromOneofCase.Path ? recording.Path : recording.Name;

    public static IEnumerable<InputFault> Faults(ReferenceSound recording, string field)
    {
        if (recording.Name.Length > MostNameCharacters)
            yield return InputFault.Invalid(
                field, $"a name must have at most {MostNameCharacters} characters, but has {recording.Name.Length}");
        switch (recording.FromCase)
        {
            case ReferenceSound.FromOneofCase.None:
                yield return InputFault.Invalid(field, "must have a content, an upload_id, a library_sha256 or a path, but has none");
                break;
            case ReferenceSound.FromOneofCase.Path when recording.Path.Length is 0 or > MostCharacters:
                yield return InputFault.Invalid(
                    field, $"a path must have 1 to {MostCharacters} characters, but has {recording.Path.Length}");
                break;
            case ReferenceSound.FromOneofCase.LibrarySha256
                when recording.LibrarySha256.Length != HashDigits || !recording.LibrarySha256.All(char.IsAsciiHexDigitLower):
                yield return InputFault.Invalid(field, $"library_sha256 must be {HashDigits} lower-case hexadecimal digits");
                break;
        }
    }
}
