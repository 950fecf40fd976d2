namespace Rewas.Gateway.Web.Sessions.Provider;

/// <summary>Why a sign-in with the provider has failed, as the page is told.</summary>
enum SignInRefusal
{
    /// <summary>The provider, or the user there, has refused.</summary>
    Refused,

    /// <summary>The sign-in took too long, or was begun in another browser.</summary>
    Late,

    /// <summary>The provider does not answer.</summary>
    Away,

    /// <summary>What the provider gave is not valid.</summary>
    Failed,

    /// <summary>The provider knows the user, but its token is not one for this server.</summary>
    Unknown,
}
