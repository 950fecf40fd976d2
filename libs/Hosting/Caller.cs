using Grpc.Core;
using Rewas.Faults;

namespace Rewas.Hosting;

/// <summary>Who calls: the gateway authenticates callers and says their names to the services behind it, which believe it because nobody else reaches them.</summary>
public static class Caller
{
    /// <summary>Metadata key with the caller's name. The gateway removes what came from outside.</summary>
    public const string Header = "rewas-caller";

    /// <summary>The name where nobody was authenticated.</summary>
    public const string Anonymous = "anonymous";

    const int MostCharacters = 255;

    /// <summary>The caller's name, 1 to 255 characters.</summary>
    public static string CallerName(this ServerCallContext context)
    {
        var name = context.RequestHeaders.GetValue(Header);
        if (string.IsNullOrWhiteSpace(name))
            return Anonymous;
        return name.Length <= MostCharacters ? name : throw InputFault.Invalid(Header, $"must have at most {MostCharacters} characters, but has {name.Length}");
    }
}
